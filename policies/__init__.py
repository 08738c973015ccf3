"""The policies that ship, a folder per seam: adding a policy is adding one file."""
