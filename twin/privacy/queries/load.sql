-- One file of one quantity and local day.
INSERT INTO figure
SELECT
    $quantity,
    CAST($day AS DATE),
    unit,
    version,
    window_start,
    window_end,
    origin,
    value,
    covered,
    capacity,
    sigma,
    rho
FROM read_parquet($path)
