"""Why a process of ours ended, for the supervisor and the operator."""

OK = 0
FAILED = 1
# The settings or the data folder cannot work: starting again would not help.
CONFIGURATION = 2
# A write or sync of the log failed: only a restart, which reads the disk again, may go on.
LOG_FAILED = 74
