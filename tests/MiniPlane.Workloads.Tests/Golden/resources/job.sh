#!/bin/sh
# Pod team/sum, uid u-2
#SBATCH --job-name=sum
#SBATCH --comment=miniplane:c1:u-2
#SBATCH --chdir=/home/me/.miniplane/pods/u-2
#SBATCH --output=/home/me/.miniplane/pods/u-2/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=batch
#SBATCH --cpus-per-task=4
#SBATCH --mem=1310M
#SBATCH --gres=gpu:2
#SBATCH --signal=B:TERM@35
#SBATCH --no-requeue
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-2/agent.json
