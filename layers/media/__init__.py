"""Files by their content: a folder in which each file's name is the SHA-256 of what it holds."""

from layers.media.folder import FileTooLarge, Folder, Incoming, MediaUnavailable, Stored, UnknownFile

__all__ = ["FileTooLarge", "Folder", "Incoming", "MediaUnavailable", "Stored", "UnknownFile"]
