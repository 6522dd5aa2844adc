-- The windows of a quantity and origin, oldest first.
SELECT DISTINCT window_start, window_end
FROM figure
WHERE quantity = $quantity
    AND origin = $origin
ORDER BY window_start, window_end
