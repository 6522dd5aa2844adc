-- The origins of a quantity's figures.
SELECT DISTINCT origin
FROM figure
WHERE quantity = $quantity
ORDER BY origin
