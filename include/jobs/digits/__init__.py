"""The handwritten digits: images in S3, of which preprocessing makes rows of pixels."""
