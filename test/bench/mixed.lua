-- Requests of every kind over the 300 tables of memory.sh: cached and never seen before, small and large, right and wrong, of every
-- media type, compressed, batched. Prints how many were answered by neither data nor a clear error, in the first thread.
math.randomseed(os.time())
local number = 0
local kinds = {
  function(t) return ('{"query":"query ($id: bigint!) { %s_by_pk(id: $id) { id name } }","variables":{"id":%d}}'):format(t, math.random(400)) end,
  function(t) return ('{"query":"{ %s(limit: 20, order_by: {name: asc}) { id name note created } %s_aggregate { aggregate { count } } }"}'):format(t, t) end,
  function(t) return ('{"query":"{ a%d: %s(where: {id: {_gt: %d}}, limit: 5) { id } }"}'):format(number, t, number) end,  -- never seen before
  function(t) return ('{"query":"mutation { update_%s_by_pk(pk_columns: {id: %d}, _set: {note: \\"n%d\\"}) { id note } }"}'):format(t, math.random(200), number) end,
  function(t) return ('{"query":"{ %s { nothing%d } }"}'):format(t, number) end,
  function() return '{"query":"{ broken"}' end,
  function() return '{"query":' end,
  function() return '{"query":"{ __type(name: \\"t1\\") { fields { name type { name } } } }"}' end,
  function(t) return ('[{"query":"{ %s(limit: 1) { id } }"},{"query":"{ %s(limit: 2) { id } }"}]'):format(t, t) end,
  function(t) return ('{"query":"mutation { insert_%s_one(object: {id: 1, name: \\"twice\\"}) { id } }"}'):format(t) end,
}
local accepted = { "application/json", "application/graphql-response+json", "*/*" }
request = function()
  number = number + 1
  local body = kinds[number % #kinds + 1]("t" .. math.random(300))
  local headers = { ["Content-Type"] = "application/json", ["Accept"] = accepted[number % 3 + 1] }
  if number % 2 == 0 then headers["Accept-Encoding"] = "gzip" end
  if number % 7 == 0 then headers["X-Threefactor-Debug"] = "timing, sql" end
  return wrk.format("POST", nil, headers, body)
end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
crashed = 0
response = function(status) if status >= 500 then crashed = crashed + 1 end end
done = function(summary)
  local errors = summary.errors
  io.write("crashed " .. threads[1]:get("crashed") + errors.connect + errors.read + errors.write + errors.timeout .. "\n")
end
