#!/bin/bash
# node.sh ARGUMENTS: the project's own Node.js (test/clients), whatever else is installed.
# Not node_modules/.bin/node: Debian's npm does not link it.
exec "$(dirname "$0")"/../clients/node_modules/node-linux-*/bin/node "$@"
