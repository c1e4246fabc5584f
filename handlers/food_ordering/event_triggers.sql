-- Which change of which table is an event for which function. May be run again.
--   psql -v handlers_url=http://127.0.0.1:8081 -f event_triggers.sql

SELECT threefactor.create_event_trigger(
  name => 'validate-order',
  relation => 'orders',
  operations => '{INSERT}',
  webhook => :'handlers_url' || '/validate-order',
  replace => true);

SELECT threefactor.create_event_trigger(
  name => 'restaurant-approval',
  relation => 'orders',
  operations => '{UPDATE}',
  columns => '{payment_valid}',
  condition => 'NEW.payment_valid',
  webhook => :'handlers_url' || '/restaurant-approval',
  replace => true);

SELECT threefactor.create_event_trigger(
  name => 'agent-assignment',
  relation => 'orders',
  operations => '{UPDATE}',
  columns => '{approved}',
  condition => 'NEW.approved',
  webhook => :'handlers_url' || '/agent-assignment',
  replace => true);

SELECT threefactor.create_event_trigger(
  name => 'payment-failed',
  relation => 'order_errors',
  operations => '{INSERT}',
  condition => 'NEW.code = 1001',
  webhook => :'handlers_url' || '/payment-failed',
  replace => true);
