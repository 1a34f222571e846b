"""The words of the field: plain, frozen records without files, clocks or screens."""
