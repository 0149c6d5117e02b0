from __future__ import annotations

from include.local_aws.iam.patterns import matches_arn


def test_wildcard_stays_in_its_segment() -> None:
    """reference_policies_elements_resource.html: wildcards are within the segments of an ARN."""
    assert matches_arn("arn:aws:iam::*:role/a", "arn:aws:iam::123456789012:role/a")
    assert not matches_arn("arn:aws:*:role/a:b:c", "arn:aws:iam::123456789012:role/a")


def test_last_segment_may_hold_colons_and_slashes() -> None:
    group = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/sagemaker/TrainingJobs:log-stream:a"
    assert matches_arn("arn:aws:logs:*:*:log-group:/aws/sagemaker/*", group)


def test_star_is_everything_even_what_is_no_arn() -> None:
    assert matches_arn("*", "*")
    assert not matches_arn("arn:aws:s3:::a", "*")
