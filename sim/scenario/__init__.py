"""The scenario: typed, frozen models of the YAML, and how a file becomes one."""
