-- Asks POST /v1/check of one identifier after another; told by: wrk -s check.lua URL -- FILE KEY
-- FILE holds an identifier a line. Percentiles are exact to a microsecond: wrk counts each.
local asked, turn = {}, 0

function init(arguments)
   local headers = {
      ["Authorization"] = "Bearer " .. arguments[2],
      ["Content-Type"] = "application/json",
      ["X-Case-Number"] = "BENCH-1",
   }
   for code in io.lines(arguments[1]) do
      local body = '{"queries":{"q":{"identifier":"' .. code .. '"}}}'
      asked[#asked + 1] = wrk.format("POST", "/v1/check", headers, body)
   end
end

function request()
   turn = turn % #asked + 1
   return asked[turn]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      'told {"requests":%d,"seconds":%.6f,"p50":%.3f,"p95":%.3f,"p99":%.3f,"refused":%d,"broken":%d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3,
      latency:percentile(95) / 1e3, latency:percentile(99) / 1e3, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout))
end
