"""What Redis does for admission, each in one step: a line per model, a semaphore per endpoint, and its own memory.

A Redis that was emptied knows of no slot and of nobody who waits, so that whoever asks first would get what others
hold, before people who came earlier. Its memory is young then: every process gets time to say what it knows, and
nobody is let in meanwhile. When the memory began is a key of its own, ``since``, which goes when all else goes.
"""

_SHARED = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local lease = tonumber(ARGV[1])
local function is_young()
  redis.call('SET', KEYS[1], now, 'NX')
  local age = now - redis.call('GET', KEYS[1])
  return age >= 0 and age < tonumber(ARGV[2])  -- below 0: its clock was set back
end
local function free(slots, limit)
  redis.call('ZREMRANGEBYSCORE', slots, '-inf', now)
  return limit - redis.call('ZCARD', slots)
end
"""
"""KEYS begin with ``since``, ARGV with a slot's lease and the age at which a memory is trusted, in milliseconds."""

ADMIT = (
    _SHARED
    + """
-- KEYS: since, line, alive, slots of each endpoint.
-- ARGV: lease, age, number of endpoints, their limits, then (id, accepted) pairs.
-- For each pair: the number of the endpoint that was granted, minus its place in the line, or 0: that is not known yet.
local line, alive, n = KEYS[2], KEYS[3], tonumber(ARGV[3])
local mine, answer = {}, {}
for i = 4 + n, #ARGV, 2 do
  redis.call('ZADD', line, ARGV[i + 1], ARGV[i])
  redis.call('ZADD', alive, now + lease, ARGV[i])
  mine[ARGV[i]] = true
end
if is_young() then
  for i = 4 + n, #ARGV, 2 do answer[#answer + 1] = 0 end
  return answer
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', alive, '-inf', now)) do
  redis.call('ZREM', line, dead)
  redis.call('ZREM', alive, dead)
end
local room, total = {}, 0
for e = 1, n do
  room[e] = math.max(0, free(KEYS[3 + e], tonumber(ARGV[3 + e])))
  total = total + room[e]
end
local granted = {}
if total > 0 then
  for _, id in ipairs(redis.call('ZRANGE', line, 0, total - 1)) do
    local e = 1
    while room[e] == 0 do e = e + 1 end
    room[e] = room[e] - 1
    if mine[id] then
      redis.call('ZADD', KEYS[3 + e], now + lease, id)
      redis.call('ZREM', line, id)
      redis.call('ZREM', alive, id)
      granted[id] = e
    end
  end
end
for i = 4 + n, #ARGV, 2 do
  answer[#answer + 1] = granted[ARGV[i]] or -(redis.call('ZRANK', line, ARGV[i]) + 1)
end
return answer
"""
)

TAKE = (
    _SHARED
    + """
-- One slot of one endpoint, out of line: an answer that was admitted goes on elsewhere.
-- -1: what is free is not known yet.
if is_young() then return -1 end
if free(KEYS[2], tonumber(ARGV[3])) <= 0 then return 0 end
redis.call('ZADD', KEYS[2], now + lease, ARGV[4])
return 1
"""
)

RENEW = (
    _SHARED
    + """
-- KEYS: since, slots of each generation. ARGV: lease, age, generations.
-- A slot that was lost with the memory is there again.
is_young()
for i = 2, #KEYS do redis.call('ZADD', KEYS[i], now + lease, ARGV[1 + i]) end
return #KEYS
"""
)
