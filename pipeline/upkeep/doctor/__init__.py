"""What is set up and what is missing on this machine (interface.md, ``doctor``).

Everything here only looks. Folders are tried with files that are gone again when their check ends.
"""

from pipeline.upkeep.doctor.examination import examine
from pipeline.upkeep.doctor.seen import Office, Seen, State
from pipeline.upkeep.doctor.software import installed

__all__ = ["Office", "Seen", "State", "examine", "installed"]
