-- The baseline as one query: the first class with a keyword in the text gets the text.
-- keywords.py declares them; a test runs this query against the model in models/baseline.
-- Some databases lower A to Z alone: other letters stand here in both cases.
SELECT
    id,
    CASE
        WHEN LOWER("text") LIKE '%cancel%' OR LOWER("text") LIKE '%close my account%' OR LOWER("text") LIKE '%terminate%' THEN 'cancellation'
        WHEN LOWER("text") LIKE '%refund%' OR LOWER("text") LIKE '%return%' OR LOWER("text") LIKE '%exchange%' THEN 'returns'
        WHEN LOWER("text") LIKE '%password%' OR LOWER("text") LIKE '%login%' OR LOWER("text") LIKE '%log in%' OR LOWER("text") LIKE '%locked%' THEN 'account'
        WHEN LOWER("text") LIKE '%delivery%' OR LOWER("text") LIKE '%parcel%' OR LOWER("text") LIKE '%courier%' OR LOWER("text") LIKE '%tracking%' THEN 'delivery'
        WHEN LOWER("text") LIKE '%crash%' OR LOWER("text") LIKE '%error%' OR LOWER("text") LIKE '%the app%' OR LOWER("text") LIKE '%website%' THEN 'technical'
        WHEN LOWER("text") LIKE '%invoice%' OR LOWER("text") LIKE '%bill%' OR LOWER("text") LIKE '%charge%' OR LOWER("text") LIKE '%payment%' THEN 'billing'
        ELSE 'delivery' -- what most texts without a keyword are
    END AS "queue"
FROM texts
ORDER BY id
