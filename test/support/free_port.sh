#!/bin/bash
# free_port.sh: prints a port of 127.0.0.1 that nothing listens on now.
for _ in {1..200}; do
  port=$((20000 + RANDOM % 12000))  # below the range that the kernel gives to outgoing connections
  if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; exit; fi
done
echo "free_port.sh: found none" >&2
exit 1
