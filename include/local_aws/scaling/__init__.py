"""CloudWatch metrics and alarms, and the autoscaling that follows them."""
