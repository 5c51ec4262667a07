"""Pictures as readers get them: without a trace of who took them or where, in the sizes that pages need."""
