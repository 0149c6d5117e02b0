"""Resources of CloudFormation's stacks that moto lacks, ignores or leaves incomplete.

Each module changes one kind of resource. Importing moto's CloudFormation takes most of the CPU time
that starting moto takes, so import these when CloudFormation receives its first request.
"""
