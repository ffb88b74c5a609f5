/* Each rank says who it is, what all ranks add up to (they have to talk to one another for that), and where it runs. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
  int rank, size, mine, sum;
  MPI_Init(&count, &arguments);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  mine = rank + 1;
  MPI_Allreduce(&mine, &sum, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  printf("rank %d of %d, sum %d, on %s\n", rank, size, sum, getenv("SLURMD_NODENAME"));
  MPI_Finalize();
  return 0;
}
