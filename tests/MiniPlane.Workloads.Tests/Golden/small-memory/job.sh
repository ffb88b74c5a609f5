#!/bin/sh
# Pod default/small, uid u-3
#SBATCH --job-name=small
#SBATCH --comment=miniplane:c1:u-3
#SBATCH --chdir=/home/me/.miniplane/pods/u-3
#SBATCH --output=/home/me/.miniplane/pods/u-3/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=batch
#SBATCH --cpus-per-task=1
#SBATCH --mem=128M
#SBATCH --time=2
#SBATCH --requeue
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-3/agent.json
