"""An AWS of two accounts for disaster recovery: moto, and what AWS does that moto does not."""
