INSERT INTO plain_usage_acquisition (subject, campaign, at)
SELECT DISTINCT ON (subject) subject, value, occurred_at
FROM usage_engagementevent WHERE kind = 'acquired'
ORDER BY subject, occurred_at, event
