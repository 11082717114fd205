"""From recorded data to the views in which readers explore a report."""
