-- The windows of a quantity and origin, oldest first.
SELECT window_start, window_end, bool_or(value IS NOT NULL) AS is_measured
FROM figure
WHERE quantity = $quantity
    AND origin = $origin
GROUP BY window_start, window_end
ORDER BY window_start, window_end
