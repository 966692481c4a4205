"""What hangs on a name: all that would have to follow a renaming, shown before it is done and done as one change.

`preview` finds it in groups with what stands there now and what would; `rename` writes the new name and the groups
that somebody has chosen, in one transaction that `layers.history.undo_batch` takes back as a whole.
"""

from layers.placenames.ripple.model import Carried, Group, Ripple
from layers.placenames.ripple.renaming import preview, rename, renaming_actions

__all__ = ["Carried", "Group", "Ripple", "preview", "rename", "renaming_actions"]
