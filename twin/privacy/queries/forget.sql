-- What an earlier version of a file said.
DELETE FROM figure
WHERE quantity = $quantity
    AND day = CAST($day AS DATE)
