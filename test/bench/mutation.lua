-- POSTs the mutation in the file named by env MUTATION; "@N@" in it becomes a random number 1..N, written with 12 digits where it
-- ends a uuid. Prints how many answers were errors, in the first thread.
local file = io.open(os.getenv("MUTATION"))
local body = file:read("*a")
file:close()
math.randomseed(os.time())
request = function()
  local text = body:gsub("%-@(%d+)@", function(n) return string.format("-%012d", math.random(tonumber(n))) end)
  text = text:gsub("@(%d+)@", function(n) return tostring(math.random(tonumber(n))) end)
  return wrk.format("POST", nil, {["Content-Type"] = "application/json"}, text)
end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
wrong = 0
response = function(status, headers, text)
  if status ~= 200 or text:find('"errors"', 1, true) then wrong = wrong + 1 end
end
done = function(summary, latency, requests)
  io.write("wrong " .. threads[1]:get("wrong") + summary.errors.read + summary.errors.timeout .. "\n")
end
