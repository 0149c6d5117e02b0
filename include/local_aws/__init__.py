"""An embedded AWS: SageMaker and its services in one process, behind the AWS wire protocols.

The top level starts the server and routes requests. It alone may import every subpackage, and
nothing of it imports the rest of the project.
"""
