# Mutations over HTTP against the same SQL by pgbench; 32 connections each, synchronous_commit off.
row insert_one 'insert_one with returning, against the same SQL by pgbench' ours pgbench /s 0 '>= 0.75'
row update_by_pk 'update_by_pk with returning, against the same SQL by pgbench' ours pgbench /s 0 '>= 0.75'

start_gateway
for ((r = 1; r <= reps; ++r)); do
  for key in insert_one update_by_pk; do
    sample $key pgbench $r "$(PGOPTIONS='-c synchronous_commit=off' "$bin/pgbench" -n -M prepared -c 32 -j 2 -T "$secs" \
      -f $here/queries/$key.pgb "$main_url" 2>/dev/null | transactions)"
    answer=$(MUTATION=$here/queries/$key.json wrk -t1 -c32 -d"${secs}s" -s $here/mutation.lua "$graphql_url")
    if ! grep -q '^wrong 0$' <<< "$answer"; then say "$key: $answer"; exit 1; fi
    sample $key ours $r "$(requests <<< "$answer")"
  done
done
