"""Falls at any place of the sensor, what becomes of the person afterwards, and whether the sensor is worn at all."""
