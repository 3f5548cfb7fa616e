"""Runs tasks on a Dask cluster, whose workers share nothing with the sender but a store.

sender                      scheduler             worker: `answerprint worker --scheduler ADDRESS`
DaskEngine.run  --task as JSON-->  ------------>  do: its files found here, made in a process within limits
                <--what became of it, as JSON---  the result is in the store
"""
