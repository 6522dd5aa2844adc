ALTER TABLE city.bikes_reading ADD COLUMN bike VARCHAR;
ALTER TABLE city.bikes_reading ADD COLUMN began_at TIMESTAMPTZ;
