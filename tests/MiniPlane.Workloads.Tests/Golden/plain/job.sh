#!/bin/sh
# Pod default/web-1, uid u-1
#SBATCH --job-name=web-1
#SBATCH --comment=miniplane:c1:u-1
#SBATCH --chdir=/home/me/.miniplane/pods/u-1
#SBATCH --output=/home/me/.miniplane/pods/u-1/slurm-%j.out
#SBATCH --open-mode=append
#SBATCH --partition=batch
#SBATCH --signal=B:TERM@60
#SBATCH --requeue
exec '/opt/mini plane/miniplane-agent' --config /home/me/.miniplane/pods/u-1/agent.json
