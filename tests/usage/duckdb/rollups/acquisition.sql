SELECT subject, arg_min(value, (occurred_at, event)) AS campaign, epoch_us(min(occurred_at)) AS "at"
FROM engagements WHERE kind = 'acquired'
GROUP BY subject
