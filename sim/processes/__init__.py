"""What happens when: the only code that imports simpy.  Begin with `sim.processes.story`."""
