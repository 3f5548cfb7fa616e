from tests.job.conftest import write as write
