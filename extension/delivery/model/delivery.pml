/* Delivery to one event trigger: writers, claim, post, settle, checkpoint, rotate, and crashes at any moment. Each step is one
 * transaction of the code or one moment of the worker's memory; README.md says which. A set is a mask with a bit for each event.
 * An event is the one row of transaction number e; numbers are given when the row is written. -D NAME breaks one rule. */

#ifndef EVENTS
#define EVENTS 3
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#ifndef REFUSALS
#define REFUSALS 1
#endif

#define in(set, e) (((set) >> (e)) & 1)
#define add(set, e) set = (set) | (1 << (e))
#define remove(set, e) set = (set) & ~(1 << (e))
#define below(e) ((1 << (e)) - 1)

/* On disk. */
byte started;            /* transactions: 0 .. started - 1 */
byte running;            /* of them, not ended */
byte committed;          /* visible */
byte lsn[EVENTS];        /* of their commits */
byte newest, flushed;    /* ends of the log: written, durable */
byte rows;               /* in the outbox, of whatever transaction */
byte second;             /* of them, in the second partition */
byte journal;            /* attempts after the checkpoint */
byte parked;             /* rows of parked */
byte saved_consumed, saved_target, saved_unsettled, saved_ahead;  /* the checkpoint */
bit saved_moving;
byte saved_after;

/* The worker's memory. */
byte consumed;           /* the snapshot that has been read: transactions finished in it */
bit moving;              /* there is a target */
byte target, after;      /* rows before `after` have been read on the way to it */
byte unsettled, ahead;
byte waiting, in_flight, accepted, refused;
byte loaded;             /* of them, from parked */
bit looked, looked_at;   /* a partition has been looked through without a lock: all in it was settled */
byte seen;               /* the snapshot then */

/* What only the proof knows. */
byte delivered;          /* accepted by the receiver */
byte settled;            /* as delivered, and committed with synchronous commit */
byte crashed;            /* since they were accepted */
byte crashes, refusals;
byte undone;             /* a counter */

#define ended (below(started) & ~running)
#define partition(p) (p -> second : (rows & ~second))

#define is_passed (consumed | (moving -> target & below(after) : 0))

#ifdef FORGET_RUNNING
#define snapshot below(started)
#elif defined ID_CURSOR  /* up to the newest row */
#define snapshot (in(committed, 2) -> 7 : (in(committed, 1) -> 3 : (in(committed, 0) -> 1 : 0)))
#else
#define snapshot ended
#endif

/* Everything that can be seen in the partition. */
#ifdef ROTATE_UNSETTLED
#define all_settled(p) ((partition(p) & committed & ~is_passed) == 0)
#else
#define all_settled(p) ((partition(p) & committed & (~is_passed | unsettled)) == 0)
#endif

inline pick(set, e) {
  if
  :: in(set, 0) -> e = 0
  :: in(set, 1) -> e = 1
#if EVENTS > 2
  :: in(set, 2) -> e = 2
#endif
#if EVENTS > 3
  :: in(set, 3) -> e = 3
#endif
  fi
}

inline commit(e) {
  remove(running, e);
  add(committed, e);
  newest++;
  lsn[e] = newest
}

proctype Writers() {
  byte e;
  do
  :: atomic { started < EVENTS ->
       add(running, started);
       add(rows, started);
       if
       :: add(second, started)  /* a writer may append to any partition */
       :: skip
       fi;
       started++ }
  :: atomic { running != 0 -> pick(running, e); commit(e); e = 0 }
  :: atomic { running != 0 -> pick(running, e); commit(e); flushed = newest; e = 0 }
  :: atomic { running != 0 -> pick(running, e); remove(running, e); e = 0 }
  :: atomic { flushed < newest -> flushed = newest }
  :: atomic { started == EVENTS && running == 0 -> break }
  od
}

/* Of the event after which the cursor stands. A batch is one row: the worker may stop after each. */
inline claim() {
  if
  :: after == EVENTS || (target >> after) == 0 ->
     consumed = target;
     target = 0;
     after = 0;
     moving = 0
  :: else ->
     if
     :: in(target & ~consumed & committed & rows, after) ->
        if
#ifndef CLAIM_WITHOUT_RECHECK
        :: in(ahead, after) -> remove(ahead, after)
#endif
        :: else -> add(unsettled, after); add(waiting, after)
        fi;
#ifndef POST_BEFORE_FLUSH
        if
        :: flushed < lsn[after] -> flushed = lsn[after]
        :: else
        fi
#endif
     :: else
     fi;
     after++
  fi
}

inline post(e) {
  assert(lsn[e] <= flushed);   /* only what is durable */
  assert(!in(settled, e));     /* never again what is settled */
  remove(waiting, e);
  add(in_flight, e);
#ifdef SETTLE_BEFORE_ANSWER
  remove(unsettled, e)
#endif
}

inline answer(e) {
  remove(in_flight, e);
  if
  :: assert(!in(delivered, e) || in(crashed, e));  /* repeats only of what was in flight at a crash */
     add(delivered, e);
     remove(crashed, e);
     add(accepted, e)
  :: refusals < REFUSALS -> refusals++; add(refused, e)
  fi
}

inline checkpoint() {
  saved_consumed = consumed;
  saved_moving = moving;
  saved_target = target;
  saved_after = after;
#ifndef CHECKPOINT_WITHOUT_UNSETTLED
  saved_unsettled = unsettled;
#endif
  saved_ahead = ahead;
  journal = 0
}

/* One transaction, with synchronous commit. */
inline settle() {
  if
#ifdef ASYNCHRONOUS_SETTLEMENT
  :: crashes < CRASHES -> crashes++; settled = settled | accepted; crash_of_server()  /* seen, and undone */
#endif
  :: unsettled = unsettled & ~(accepted | refused);
     journal = journal | accepted | refused;
     parked = (parked | refused) & ~accepted;
     settled = settled | accepted;
     loaded = loaded & ~(accepted | refused);
     accepted = 0;
     refused = 0;
     if
     :: checkpoint()
     :: skip
     fi;
     flushed = newest
  fi
}

/* With the lock, which is there only if no writer of the partition is running: has anything come since? */
inline truncate() {
  looked = 0;
  if
  :: (partition(looked_at) & running) != 0
#ifndef ROTATE_WITHOUT_RECHECK
  :: (partition(looked_at) & committed & ~seen) != 0
#endif
  :: else ->
     rows = rows & ~partition(looked_at);
     second = second & rows
  fi;
  looked_at = 0;
  seen = 0
}

inline recover() {
  consumed = saved_consumed;
  moving = saved_moving;
  target = saved_target;
  after = saved_after;
  unsettled = saved_unsettled & ~journal;
  ahead = (journal | saved_ahead) & ~is_passed;
  waiting = unsettled & rows;
  in_flight = 0;
  accepted = 0;
  refused = 0;
  loaded = 0;
  looked = 0;
  looked_at = 0;
  seen = 0;
  crashed = delivered
}

inline crash_of_server() {
  running = 0;
  undone = 0;
  do
  :: undone < EVENTS && in(committed, undone) && lsn[undone] > flushed -> remove(committed, undone); undone++
  :: undone < EVENTS && !(in(committed, undone) && lsn[undone] > flushed) -> undone++
  :: undone == EVENTS -> break
  od;
  undone = 0;
  newest = flushed;
  recover()
}

proctype Worker() {
  byte e;
  do
  :: atomic { !moving && (snapshot & ~consumed) != 0 -> moving = 1; target = snapshot; after = 0 }
  :: atomic { moving -> claim() }
  :: atomic { waiting != 0 -> pick(waiting, e); post(e); e = 0 }
  :: atomic { in_flight != 0 -> pick(in_flight, e); answer(e); e = 0 }
  :: atomic { (accepted | refused) != 0 -> settle() }
  :: atomic { journal != 0 && (accepted | refused) == 0 -> checkpoint() }
  :: atomic { (parked & ~loaded) != 0 ->
       pick(parked & ~loaded, e);
       add(loaded, e);
       add(waiting, e);
#ifdef UNPARK_WHEN_LOADED
       remove(parked, e);
#endif
       e = 0 }
  :: atomic { !looked && partition(0) != 0 && all_settled(0) -> looked = 1; looked_at = 0; seen = ended }
  :: atomic { !looked && partition(1) != 0 && all_settled(1) -> looked = 1; looked_at = 1; seen = ended }
  :: atomic { looked -> truncate() }
  :: atomic { timeout -> assert((committed & ~delivered) == 0); break }  /* nothing is left to do: nothing is lost */
  od
}

proctype Crashes() {
  do
  :: atomic { crashes < CRASHES -> crashes++; recover() }
  :: atomic { crashes < CRASHES -> crashes++; crash_of_server() }
  :: break
  od
}

init {
  atomic {
    run Writers();
    run Worker();
    run Crashes()
  }
}
