-- Asks for the addresses in the file ADDRESSES one after another, and prints what came of it.
local paths, turn = {}, 0
for line in io.lines(os.getenv("ADDRESSES")) do paths[#paths + 1] = line end
local headers = {}
if os.getenv("PACKED") == "on" then headers["Accept-Encoding"] = "gzip" end

function request()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], headers)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.timeout, errors.status,
    latency:percentile(50), latency:percentile(99)))
end
