"""How signs of a stumble weigh. Written by server/bench/stumbles.py, read by score.py.

Learned from 2446 recordings of 43 people (daphnet, malisa, mobgap, oxford_steps, sisfall, stanford_fog, umafall,
voisard_clinical, voisard_healthy) and 630 simulated ones (server/bench/stumble_people.py).
Columns: lowest and highest value that counts, slope. `bias` makes log odds of their sum; `offset` and
`slope` turn them into those of the confidence, which is never more than `surest`.
"""

ACCELERATION_ONLY = """
bias -8.1518 offset -2.4761 slope 1.1088 surest 0.75
harder          -1.1114    1.6416    2.3567
jerkier         -2.5629    1.4184    1.0909
stronger        -0.1792    1.3067    0.0304
sideways        -2.0424    1.0728    1.3653
lighter         -0.5947    1.4786    0.8254
strange         -1.2314    1.2322    1.3187
lasting          0.2800    1.1200    0.0000
strange_after   -1.7964    2.0026   -1.3005
level_after     -2.5450    0.2918    0.9427
leaning          0.0027    0.5466   -6.7450
rhythm           0.2051    0.6764    1.3295
steady          -2.3263   -0.0202    2.5099
beats            0.8333    1.6667    1.8797
burst           -1.5256    1.3085    0.0000
turned           0.0000    2.7947    0.0000
"""

WITH_GYROSCOPE = """
bias -8.1846 offset -2.3291 slope 1.2897 surest 0.95
harder          -1.1114    1.6416    1.8107
jerkier         -2.5629    1.4184    0.9203
stronger        -0.1792    1.3067    0.0000
sideways        -2.0424    1.0728    0.1302
lighter         -0.5947    1.4786    0.5812
strange         -1.2314    1.2322    0.9111
lasting          0.2800    1.1200    0.0000
strange_after   -1.7964    2.0026   -1.1246
level_after     -2.5450    0.2918    1.2094
leaning          0.0027    0.5466   -5.9689
rhythm           0.2051    0.6764    1.2362
steady          -2.3263   -0.0202    2.1710
beats            0.8333    1.6667    1.9396
burst           -1.5256    1.3085    2.8367
turned           0.0000    2.7947   -0.5577
"""
