# The HTTP layer alone: a request that needs no database, against a bare epoll server with one answer (bare_http.cpp), one core each.
row http_8 'HTTP layer alone, /healthz, 8 connections, one event loop, against bare epoll' ours bare req/s 0 '>= 0.7'
row http_64 'HTTP layer alone, /healthz, 64 connections, one event loop, against bare epoll' ours bare req/s 0 '>= 0.7'
row typename '{__typename} over POST, 32 connections, one event loop, against bare epoll' ours bare req/s 0
for connections in 8 64; do
  row http_$connections "peer: httplib with its thread pool tuned, $connections connections" httplib bare req/s 0
done

start bare "$port_bare" "$bench_bin/bare_http" "$port_bare"
start_gateway --threads 1
if has hello_httplib; then start httplib "$port_peer" "$bench_bin/hello_httplib" "$port_peer" 80 1000000000 1; fi
get() { wrk -t1 -c"$2" -d"${secs}s" "http://127.0.0.1:$1" | requests; }  # PORT/PATH CONNECTIONS
for ((r = 1; r <= reps; ++r)); do
  for connections in 8 64; do
    sample http_$connections bare $r "$(get "$port_bare/" $connections)"
    sample http_$connections ours $r "$(get "$port_gateway/healthz" $connections)"
    if has hello_httplib; then sample http_$connections httplib $r "$(get "$port_peer/hello" $connections)"; fi
  done
  sample typename bare $r "$(get "$port_bare/" 32)"
  sample typename ours $r "$(wrk -t1 -c32 -d"${secs}s" -s $here/typename.lua "$graphql_url" | requests)"
done
