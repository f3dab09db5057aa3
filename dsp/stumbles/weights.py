"""How signs of a stumble weigh. Written by server/bench/stumbles.py, read by score.py.

Learned from 2446 recordings of 43 people (daphnet, malisa, mobgap, oxford_steps, sisfall, stanford_fog, umafall,
voisard_clinical, voisard_healthy) and 630 simulated ones (server/bench/stumble_people.py).
Columns: lowest and highest value that counts, slope. `bias` makes log odds of their sum; `offset` and
`slope` turn them into those of the confidence, which is never more than `surest`.
"""

ACCELERATION_ONLY = """
bias -8.7502 offset -2.2632 slope 1.1117 surest 0.75
harder          -1.1056    1.7215    2.3550
jerkier         -2.4953    1.5101    1.1449
stronger        -0.1751    1.4049    0.3485
sideways        -2.0029    1.1195    1.3976
lighter         -0.5256    1.6181    0.7151
strange         -1.2418    1.3059    1.1344
lasting          0.2000    0.9200    0.0000
strange_after   -1.5961    1.9382   -1.4622
level_after     -2.4907    0.3352    0.7650
leaning          0.0028    0.5338   -6.2159
rhythm           0.2041    0.6924    1.5944
steady          -2.3595   -0.0161    2.2721
beats            0.8333    1.6667    1.8550
burst           -1.5652    1.3173    0.0000
turned           0.0000    2.4581    0.0000
"""

WITH_GYROSCOPE = """
bias -8.4498 offset -2.1455 slope 1.2739 surest 0.95
harder          -1.1056    1.7215    1.8902
jerkier         -2.4953    1.5101    0.9732
stronger        -0.1751    1.4049    0.1784
sideways        -2.0029    1.1195    0.2357
lighter         -0.5256    1.6181    0.5108
strange         -1.2418    1.3059    0.8959
lasting          0.2000    0.9200    0.0000
strange_after   -1.5961    1.9382   -1.3449
level_after     -2.4907    0.3352    0.9595
leaning          0.0028    0.5338   -5.7001
rhythm           0.2041    0.6924    1.3106
steady          -2.3595   -0.0161    1.9704
beats            0.8333    1.6667    1.8114
burst           -1.5652    1.3173    2.5856
turned           0.0000    2.4581   -0.5518
"""
