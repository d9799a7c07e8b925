"""Parts and stores: what lies where, a part's shelf, shortages, stock-takes; parts at a worker's job."""
