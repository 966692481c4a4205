"""The registration form as a workbook, out and back."""
