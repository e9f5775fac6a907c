"""`hedgerow doctor`: is everything right with this data folder, and what to do where it is not."""

from hedgerow.commands.doctor.command import run_doctor

__all__ = ["run_doctor"]
