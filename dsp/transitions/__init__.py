"""Rising from a seat and sitting down, by place of the sensor."""
