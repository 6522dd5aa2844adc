ALTER TABLE city.bikes_reading ADD COLUMN bike VARCHAR;
