"""Rules that watch a training job: state machines over its metrics, its log and its resource use.

Nothing here calls AWS or Airflow. Imports no other package.
"""
