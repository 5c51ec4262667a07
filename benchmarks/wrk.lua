-- What wrk asks for, and what it must get. Arguments: plan, check or measure, first question, pause in milliseconds.
-- A plan is a line with the host, a line with the status, a line with the lengths a body may have, then one
-- question per line: a path, a tab, the ETag the reader already has.
local threads, questions, lengths = {}, {}, {}
local status, position = 0, 0
answered, wrong, example = 0, 0, ""

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local plan = io.open(args[1])
  local host = plan:read()
  status = tonumber(plan:read())
  for length in plan:read():gmatch("%d+") do lengths[tonumber(length)] = true end
  for line in plan:lines() do
    local path, etag = line:match("^(.-)\t(.*)$")
    local headers = { ["Host"] = host, ["Accept-Encoding"] = "gzip" }
    if etag ~= "" then headers["If-None-Match"] = etag end
    table.insert(questions, wrk.format("GET", path, headers))
  end
  plan:close()
  position = tonumber(args[3])
  -- To look at every answer costs wrk more than to ask: it is done in a run of its own, which is not measured.
  if args[2] == "check" then response = check end
  if args[4] ~= "0" then
    local pause = tonumber(args[4])
    delay = function() return pause end
  end
end

function request()
  position = position + 1
  return questions[(position - 1) % #questions + 1]
end

function check(got, headers, body)
  answered = answered + 1
  if got ~= status or (next(lengths) and not lengths[#body]) then
    wrong = wrong + 1
    example = string.format("%d with %d bytes", got, #body)
  end
end

function done(summary, latency)
  local all, bad, last = 0, 0, ""
  for _, thread in ipairs(threads) do
    all, bad = all + thread:get("answered"), bad + thread:get("wrong")
    if thread:get("example") ~= "" then last = thread:get("example") end
  end
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests": %d, "bytes": %d, "microseconds": %d, "bad_status": %d, "broken": %d, "p50": %d, "p99": %d,'
      .. ' "checked": %d, "wrong": %d, "example": "%s"}',
    summary.requests, summary.bytes, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99), all, bad, last))
end
