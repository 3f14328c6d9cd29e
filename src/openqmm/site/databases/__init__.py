"""The two database engines, each with the guards that keep every change on the trail."""
