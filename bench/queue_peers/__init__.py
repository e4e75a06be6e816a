"""Work queues under one load: each peer with the settings that we found best, and Headrace's own."""
