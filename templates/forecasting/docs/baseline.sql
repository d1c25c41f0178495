-- The baseline as one query, for SQLite 3.25 or later: what `model.baseline()` forecasts.
--   sales(date, product, units)   one row a product and day; date is text like 2026-01-31
--   :last     the last day whose sales are known
--   :horizon  days to forecast
-- `reports/model-card.md` tells which of the two columns misses less. A test compares both
-- with the features that the service computes.

WITH RECURSIVE ahead (horizon) AS (
    SELECT 1
    UNION ALL
    SELECT horizon + 1 FROM ahead WHERE horizon < :horizon
),

history AS ( -- of thirteen weeks; age 0 is the last day
    SELECT
        product,
        units,
        CAST(julianday(:last) - julianday(date) AS INTEGER) AS age
    FROM sales
    WHERE date <= :last AND date > date(:last, '-91 days') AND units IS NOT NULL
),

ordered AS (
    SELECT
        product,
        units,
        row_number() OVER (PARTITION BY product ORDER BY units) AS place,
        count(*) OVER (PARTITION BY product) AS known
    FROM history
    WHERE age < 90
),

medians AS ( -- the middle one, or the mean of the two in the middle
    SELECT product, avg(units) AS median_90
    FROM ordered
    WHERE place IN ((known + 1) / 2, (known + 2) / 2)
    GROUP BY product
),

latest AS ( -- of each weekday the last day that is known
    SELECT
        product,
        units,
        age % 7 AS weekday,
        row_number() OVER (PARTITION BY product, age % 7 ORDER BY age) AS place
    FROM history
)

SELECT
    medians.product,
    date(:last, '+' || ahead.horizon || ' days') AS date,
    medians.median_90,
    coalesce(latest.units, medians.median_90) AS seasonal_naive
FROM medians
CROSS JOIN ahead
LEFT JOIN latest
    ON latest.product = medians.product
    AND latest.weekday = (7 - ahead.horizon % 7) % 7
    AND latest.place = 1
ORDER BY medians.product, ahead.horizon
