"""Whether a folder lies on a network drive, by the file system its mount names."""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")
_KINDS = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "beegfs", "gfs2", "ocfs2", "davfs", "ncpfs", "vboxsf")
_FUSES = ("sshfs", "rclone", "s3fs", "glusterfs", "gvfsd", "davfs", "smbnetfs", "vmhgfs", "gcsfuse", "blobfuse")


def find_network_drive(folder: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system that holds a folder, such as `nfs4`; None for a local one, or where nobody says."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        real = os.path.realpath(folder) + "/"
    except OSError:
        return None
    best, kind = 0, ""
    for line in lines:
        parts = line.split(" ")
        point = _unescape(parts[1]).rstrip("/") + "/" if len(parts) > 2 else ""
        if point and len(point) >= best and real.startswith(point):  # of one place the last mount is seen
            best, kind = len(point), parts[2]
    name = kind.lower()
    is_network = name.startswith(_KINDS) or (name.startswith("fuse.") and name[5:].startswith(_FUSES))
    return kind if is_network else None


def _unescape(text: str) -> str:
    """A mount point as the kernel writes it: a blank is `\\040`."""
    return text if "\\" not in text else re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)
