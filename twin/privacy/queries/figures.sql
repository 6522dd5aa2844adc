-- The figures of a quantity with windows that start in [since, until), of one unit or of all.
SELECT unit, version, window_start, window_end, origin, value, covered, capacity, sigma, rho
FROM figure
WHERE quantity = $quantity
    AND origin = coalesce($origin, origin)
    AND unit = coalesce($unit, unit)
    AND window_start >= $since
    AND window_start < $until
ORDER BY window_start, window_end, origin, unit
LIMIT $limit
